package io.distributedlock.fencing.web;

import io.distributedlock.LockManager;
import java.io.IOException;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Sends the fencing token of each lease that the calling thread holds with the requests of a {@code RestClient} or
 * {@code RestTemplate}. For clients of services that keep marks; others learn the names of locks by it.
 */
public final class FencingRequestInterceptor implements ClientHttpRequestInterceptor {

    private final LockManager locks;
    private final int epoch;

    /**
     * For a client.
     *
     * @param locks have the leases
     * @param epoch of this application, {@code lock.fencing.epoch}
     */
    public FencingRequestInterceptor(LockManager locks, int epoch) {
        this.locks = locks;
        this.epoch = epoch;
    }

    /**
     * Puts the tokens in place of those that the request has, as after an attempt that is repeated. A thread without leases
     * sends the request as it is.
     *
     * @throws io.distributedlock.LockLostException if a lease is known to be lost: the request is not sent
     */
    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        FencingTokenHeader.put(request.getHeaders(), locks.currentAll(), epoch);
        return execution.execute(request, body);
    }
}
