package io.distributedlock.fencing.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.distributedlock.Lease;
import io.distributedlock.fencing.FencingToken;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;

/**
 * A fencing token as a header: {@code Fencing-Token: <lock>;<token>;<holder>}, once for each lock, or all in one with commas,
 * as a gateway may send them on. Lock and holder are encoded as in the query of a URL; the token is
 * {@link FencingToken#value()}, epoch and number in one.
 */
public final class FencingTokenHeader {

    /** The header's name. */
    public static final String NAME = "Fencing-Token";

    private FencingTokenHeader() {}

    /**
     * Writes one.
     *
     * @param token the token
     * @return the header's value
     */
    public static String format(FencingToken token) {
        return "%s;%d;%s"
                .formatted(
                        URLEncoder.encode(token.lock(), UTF_8),
                        token.value(),
                        URLEncoder.encode(token.holder(), UTF_8));
    }

    /** In place of those that are there: whoever repeats a request gives it here again, with its headers. */
    static void put(HttpHeaders headers, Collection<Lease> leases, int epoch) {
        leases.forEach(Lease::ensureHeld);
        if (!leases.isEmpty()) {
            headers.put(
                    NAME,
                    leases.stream()
                            .map(lease -> format(FencingToken.of(lease, epoch)))
                            .toList());
        }
    }

    /**
     * Reads one.
     *
     * @param value of the header, or one of several in it
     * @param epoch of this service: a later one is refused, since its mark would keep everybody else out
     * @return the token
     * @throws FencingTokenException 400, when that is no token which can be
     */
    public static FencingToken parse(String value, int epoch) {
        String[] fields = value.trim().split(";", -1);
        if (fields.length != 3) {
            throw FencingTokenException.invalid(value, "it is not of the form <lock>;<token>;<holder>");
        }
        FencingToken token;
        try {
            token = FencingToken.ofValue(
                    URLDecoder.decode(fields[0], UTF_8),
                    Long.parseLong(fields[1]),
                    URLDecoder.decode(fields[2], UTF_8));
        } catch (NumberFormatException e) {
            throw FencingTokenException.invalid(value, "its token '%s' is no number".formatted(fields[1]));
        } catch (IllegalArgumentException e) {
            throw FencingTokenException.invalid(value, String.valueOf(e.getMessage()));
        }
        if (token.epoch() > epoch) {
            throw FencingTokenException.invalid(
                    value,
                    "its epoch %d is later than the %d of this service; give both the same lock.fencing.epoch"
                            .formatted(token.epoch(), epoch));
        }
        return token;
    }

    /**
     * Reads all.
     *
     * @param values of all headers of this name
     * @param epoch of this service
     * @return at least one
     * @throws FencingTokenException 428, when there is none; 400, when one of them can be none
     */
    public static List<FencingToken> parseAll(List<String> values, int epoch) {
        if (values.isEmpty()) {
            throw FencingTokenException.missing();
        }
        return values.stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(value -> parse(value, epoch))
                .toList();
    }

    /**
     * Reads the only one.
     *
     * @param values of all headers of this name
     * @param epoch of this service
     * @return the token
     * @throws FencingTokenException 428, when there is none; 400, when there are several, or it can be none
     */
    public static FencingToken parseOne(List<String> values, int epoch) {
        List<FencingToken> tokens = parseAll(values, epoch);
        if (tokens.size() > 1) {
            throw FencingTokenException.invalid(
                    String.join(", ", values), "one was expected; a handler for several takes a List<FencingToken>");
        }
        return tokens.get(0);
    }
}
