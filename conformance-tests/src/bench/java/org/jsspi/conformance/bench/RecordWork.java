package org.jsspi.conformance.bench;

/** A batch of messages of one size that become records, or were records and become messages. */
interface RecordWork {
    /** {@return how many messages a batch of this size is: half a mebibyte at most, and at most 512} */
    static int batch(int size) {
        return Math.min(512, (1 << 19) / size);
    }

    /** Protects a batch, from one message that is protected again and again into records one after the other. */
    void wrap() throws Exception;

    /** Opens the batch that was protected last, into one place again and again. */
    void unwrap() throws Exception;

    /** {@return {@link #wrap} as measured work} */
    static Work wrapping(RecordWork records, int size) {
        return new Work() {
            @Override
            public int operations() {
                return batch(size);
            }

            @Override
            public void run() throws Exception {
                records.wrap();
            }
        };
    }

    /** {@return {@link #unwrap} as measured work; the {@link #wrap} before it is not counted} */
    static Work unwrapping(RecordWork records, int size) {
        return new Work() {
            @Override
            public int operations() {
                return batch(size);
            }

            @Override
            public void prepare() throws Exception {
                records.wrap();
            }

            @Override
            public void run() throws Exception {
                records.unwrap();
            }
        };
    }
}
