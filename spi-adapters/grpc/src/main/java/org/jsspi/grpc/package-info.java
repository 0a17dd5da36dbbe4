/**
 * gRPC-java's Netty transport over JSSPI. {@code io.grpc.netty.GrpcSslContexts} takes only providers that it knows by
 * name, wherever JSSPI stands in the list; {@link org.jsspi.grpc.JsspiGrpcSslContexts} takes its place.
 */
package org.jsspi.grpc;
