package io.distributedlock.sample;

/**
 * An article.
 *
 * @param quantity how many are left
 * @param reservations how many were promised; with the quantity always as many as there were at the start
 */
record Item(String sku, int quantity, int reservations) {}
