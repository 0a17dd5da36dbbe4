/** The command-line tool: {@code packages}, {@code demo}, {@code serve}, {@code connect}. */
package org.jsspi.conformance.cli;
