package io.distributedlock.sample;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ShopController {

    private final Orders orders;
    private final Payments payments;
    private final Stock stock;
    private final Reports reports;
    private final Shop shop;

    ShopController(Orders orders, Payments payments, Stock stock, Reports reports, Shop shop) {
        this.orders = orders;
        this.payments = payments;
        this.stock = stock;
        this.reports = reports;
        this.shop = shop;
    }

    @GetMapping("/orders")
    List<Order> orders() {
        return orders.all();
    }

    @GetMapping("/orders/{id}")
    Order order(@PathVariable long id) {
        return orders.get(id);
    }

    /** The payment can be made slow, to see what others get meanwhile. */
    @PostMapping("/orders/{id}/pay")
    Receipt pay(
            @PathVariable long id,
            @RequestParam(defaultValue = "100ms") @DurationFormat(style = DurationFormat.Style.SIMPLE) Duration takes) {
        return payments.pay(id, takes);
    }

    @GetMapping("/stock")
    List<Item> stock() {
        return stock.all();
    }

    @GetMapping("/stock/{sku}")
    Item stock(@PathVariable String sku) {
        return stock.get(sku);
    }

    @PostMapping("/stock/{sku}/reserve")
    @ResponseStatus(HttpStatus.CREATED)
    Item reserve(@PathVariable String sku) {
        return stock.reserve(sku);
    }

    @GetMapping("/reports")
    List<Report> reports() {
        return reports.all();
    }

    @PostMapping("/reports")
    ResponseEntity<?> writeReport() {
        return reports.write()
                .<ResponseEntity<?>>map(
                        report -> ResponseEntity.status(HttpStatus.CREATED).body(report))
                .orElseGet(() -> ResponseEntity.ok(Map.of("skipped", "the report is being written, or just was")));
    }

    @PostMapping("/reset")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void reset() {
        shop.reset();
    }
}
