/** The Security Support Provider Interface, and the faces that Java programs see it through. */
module org.jsspi.spi {
    requires static jdk.jfr;

    exports org.jsspi;
    exports org.jsspi.jca;
    exports org.jsspi.jsse;
    exports org.jsspi.spec;
}
