package org.jsspi.conformance.bench;

/**
 * Something that is measured in batches. Only {@link #run} counts; a batch is {@link #prepare}, {@link #run},
 * {@link #finish}, always in this order and by one thread.
 */
interface Work {
    /** {@return how many operations one {@link #run} is, always the same number} */
    int operations();

    /** Makes the next {@link #run} possible. */
    default void prepare() throws Exception {}

    /** What is measured. */
    void run() throws Exception;

    /** Releases what {@link #run} left. */
    default void finish() throws Exception {}
}
