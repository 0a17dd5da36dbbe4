package org.jsspi.provider.tls.message;

/** How keys are exchanged in a cipher suite of TLS 1.2, which decides what ServerKeyExchange and ClientKeyExchange look like. */
public enum KeyExchangeAlgorithm {
    /** RFC 8422: the server signs its share. */
    ECDHE,
    /** RFC 5489: both sides have a key from outside, and nobody signs. */
    ECDHE_PSK
}
