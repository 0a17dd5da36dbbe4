package org.jsspi;

/**
 * SecPkgContext_ApplicationProtocol.
 *
 * @param status whether the sides agreed
 * @param protocol the protocol id, null unless they did
 */
public record ApplicationProtocol(Status status, String protocol) {
    /** SEC_APPLICATION_PROTOCOL_NEGOTIATION_STATUS. */
    public enum Status {
        /** Nothing was agreed. */
        NONE,
        /** Both sides know the protocol. */
        SUCCESS,
        /** The client alone chose. */
        SELECTED_CLIENT_ONLY
    }
}
