/** The record layer of TLS 1.3: header, data, trailer (RFC 8446 section 5). */
package org.jsspi.provider.tls.record;
