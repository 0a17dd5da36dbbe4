package org.jsspi.conformance.jtreg;

import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectDirectories;
import org.junit.platform.suite.api.Suite;

/** System and security properties that users of SunJSSE set. */
@Suite(failIfNoTests = false)
@IncludeEngines(JtregTestEngine.ID)
@SelectDirectories("src/jtreg/properties")
@ConfigurationParameter(key = "jtreg.work", value = "target/jtreg/properties")
@ConfigurationParameter(key = "jtreg.vmoptions", value = Suites.VM_OPTIONS)
class PropertiesTests {}
