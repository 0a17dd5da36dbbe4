package org.jsspi;

import java.time.Instant;

/**
 * SecPkgContext_Lifespan.
 *
 * @param start when the context became usable
 * @param expiry when it ends; {@link Instant#MAX} if it does not
 */
public record Lifespan(Instant start, Instant expiry) {}
