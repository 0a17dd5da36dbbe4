package org.jsspi.provider.tls.message;

/** A value of a registry, which the wire knows by a number. */
public interface Coded {
    /** {@return the number on the wire} */
    int code();
}
