/** The security packages, and the {@code java.security.Provider} that offers them. */
module org.jsspi.provider {
    requires transitive org.jsspi.spi;
    requires java.security.sasl;
    requires org.bouncycastle.provider;

    exports org.jsspi.provider;

    provides java.security.Provider with
            org.jsspi.provider.JsspiProvider;
}
