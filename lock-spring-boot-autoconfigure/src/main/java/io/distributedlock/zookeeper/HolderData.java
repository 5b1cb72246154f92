package io.distributedlock.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.distributedlock.HolderInfo;
import java.net.URLDecoder;
import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;

/** What the node of a claim says about its holder: {@code application&instance&thread}, each percent-encoded. */
final class HolderData {

    private static final int FIELDS = 3;

    private HolderData() {}

    static byte[] write(HolderInfo info) {
        String written = URLEncoder.encode(info.application(), UTF_8)
                + "&" + URLEncoder.encode(info.instance(), UTF_8)
                + "&" + URLEncoder.encode(info.thread(), UTF_8);
        return written.getBytes(UTF_8);
    }

    static @Nullable HolderInfo read(byte @Nullable [] data) {
        String[] fields = data == null ? new String[0] : new String(data, UTF_8).split("&", -1);
        if (fields.length != FIELDS) {
            return null;
        }
        try {
            return new HolderInfo(
                    URLDecoder.decode(fields[0], UTF_8),
                    URLDecoder.decode(fields[1], UTF_8),
                    URLDecoder.decode(fields[2], UTF_8));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
