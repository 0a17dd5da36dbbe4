package org.jsspi.conformance.bench;

/** A version of TLS, with the suite of every case: the one that all contenders take by themselves where AES is in hardware. */
enum Protocol {
    TLS13("TLSv1.3", "TLS_AES_128_GCM_SHA256"),
    TLS12("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");

    private final String name;
    private final String suite;

    Protocol(String name, String suite) {
        this.name = name;
        this.suite = suite;
    }

    /** {@return the name of the suite} */
    String suite() {
        return suite;
    }

    @Override
    public String toString() {
        return name;
    }
}
