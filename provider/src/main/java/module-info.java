/** The security packages, and the {@code java.security.Provider} that offers them. */
module org.jsspi.provider {
    requires org.jsspi.spi;
    requires org.bouncycastle.provider;
}
