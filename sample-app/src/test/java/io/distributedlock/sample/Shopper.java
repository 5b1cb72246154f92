package io.distributedlock.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls one or more instances of the shop over HTTP. */
final class Shopper {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final JsonMapper json = new JsonMapper();
    private final List<Integer> ports;

    Shopper(Integer... ports) {
        this.ports = List.of(ports);
    }

    HttpResponse<String> post(String path) {
        return client.sendAsync(post(0, path), HttpResponse.BodyHandlers.ofString())
                .join();
    }

    /** All at once, spread over the instances. */
    List<HttpResponse<String>> post(String path, int times) {
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, times)
                .mapToObj(i -> client.sendAsync(post(i, path), HttpResponse.BodyHandlers.ofString()))
                .toList();
        return answers.stream().map(CompletableFuture::join).toList();
    }

    CompletableFuture<HttpResponse<String>> postLater(String path) {
        return client.sendAsync(post(0, path), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(0, path)).build();
        return json.readTree(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    JsonNode read(HttpResponse<String> answer) {
        return json.readTree(answer.body());
    }

    private HttpRequest post(int i, String path) {
        return HttpRequest.newBuilder(uri(i, path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
    }

    private URI uri(int i, String path) {
        return URI.create("http://127.0.0.1:" + ports.get(i % ports.size()) + path);
    }
}
