package io.distributedlock.fencing.web;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.fencing.FencingToken;
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

    /** @throws io.distributedlock.LockLostException if a lease is known to be lost: the request is not sent */
    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        for (Lease lease : locks.currentAll()) {
            lease.ensureHeld();
            request.getHeaders().add(FencingTokenHeader.NAME, FencingTokenHeader.format(FencingToken.of(lease, epoch)));
        }
        return execution.execute(request, body);
    }
}
