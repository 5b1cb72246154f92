package kotlin.coroutines;

/** Stands in for Kotlin's own, which marks the last parameter of a compiled suspend function. */
public interface Continuation<T> {}
