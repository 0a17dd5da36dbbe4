package org.jsspi.provider.tls.message;

/** A value of a registry that callers know by a name. */
public interface Named extends Coded {
    /** {@return the name that JSSE gives it} */
    String standardName();
}
