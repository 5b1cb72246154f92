package io.distributedlock.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** The commands that are not answered yet, oldest first, and one check for those that are not answered in time. */
final class Unanswered {

    private final Queue<Command<?>> commands = new ConcurrentLinkedQueue<>();
    private final Alarm alarm;
    private final Consumer<Command<?>> tooLate;

    Unanswered(ScheduledExecutorService timer, Consumer<Command<?>> tooLate) {
        this.alarm = new Alarm(timer, this::check);
        this.tooLate = tooLate;
    }

    void add(Command<?> command) {
        // Answers come in the order of the commands, so those that are answered stand in front.
        Command<?> oldest = commands.peek();
        while (oldest != null && oldest.isDone()) {
            commands.remove(oldest);
            oldest = commands.peek();
        }
        commands.add(command);
        alarm.by(command.earliestEndNanos());
    }

    private void check() {
        long now = System.nanoTime();
        for (Command<?> command : commands) {
            if (command.isDone()) {
                continue;
            }
            long end = command.endNanos();
            if (end - now <= 0) {
                tooLate.accept(command);
            } else {
                alarm.by(end);
            }
        }
    }
}
