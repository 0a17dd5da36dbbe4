/** Parameters for the {@code Mac} and {@code Signature} of a security package. */
package org.jsspi.spec;
