package io.distributedlock.engine;

import io.distributedlock.LossReason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Made when somebody asks for it: most never do. */
final class Loss {

    private final CompletableFuture<LossReason> told = new CompletableFuture<>();
    private final CompletionStage<LossReason> heard = told.minimalCompletionStage();

    void tell(LossReason reason) {
        told.complete(reason);
    }

    /** Nobody who has this can complete it. */
    CompletionStage<LossReason> heard() {
        return heard;
    }
}
