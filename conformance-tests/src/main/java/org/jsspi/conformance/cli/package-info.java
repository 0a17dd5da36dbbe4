/** The command-line tool: {@code packages}, {@code demo}, {@code serve}, {@code connect}, {@code ech-key}, and the two harnesses {@code jtreg} and {@code bogo}. */
package org.jsspi.conformance.cli;
