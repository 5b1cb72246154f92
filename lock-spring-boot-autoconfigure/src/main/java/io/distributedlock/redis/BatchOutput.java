package io.distributedlock.redis;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.internal.ExceptionFactory;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Texts, numbers and exceptions: the one answer of a script for one request, or a list of them. */
final class BatchOutput extends CommandOutput<String, String, List<Object>> {

    private boolean list;

    BatchOutput() {
        super(StringCodec.UTF8, new ArrayList<>());
    }

    @Override
    public void multi(int count) {
        list = true;
    }

    @Override
    public void set(ByteBuffer text) {
        output.add(decodeString(text));
    }

    @Override
    public void set(long number) {
        output.add(number);
    }

    /** One request that failed, or all of them. */
    @Override
    public void setError(ByteBuffer message) {
        if (list) {
            output.add(ExceptionFactory.createExecutionException(decodeString(message)));
        } else {
            super.setError(message);
        }
    }
}
