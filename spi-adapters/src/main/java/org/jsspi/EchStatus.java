package org.jsspi;

/** What became of an Encrypted Client Hello (RFC 9849) on one connection: {@link Session#echStatus()}. */
public enum EchStatus {
    /** The client has sent none: it was not asked to, or no configuration was one that it can use. */
    NOT_OFFERED,
    /** The client has sent one without content, so that others do not stand out (RFC 9849 6.2). A server cannot tell. */
    GREASE,
    /** The client has sent one and waits for the server's first message. */
    OFFERED,
    /** The handshake is that of the encrypted hello: nobody on the way has read the name. */
    ACCEPTED,
    /**
     * The handshake is that of the hello in the clear. A client proves that the server has the public name, and then ends it with an
     * {@link EchRejectedException}; a server goes on, since it cannot know whether the client meant it.
     */
    REJECTED
}
