package org.jsspi.conformance.jtreg;

import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectDirectories;
import org.junit.platform.suite.api.Suite;

/** Security packages as services of Providers. */
@Suite(failIfNoTests = false)
@IncludeEngines(JtregTestEngine.ID)
@SelectDirectories("src/jtreg/packages")
@ConfigurationParameter(key = "jtreg.work", value = "target/jtreg/packages")
@ConfigurationParameter(key = "jtreg.vmoptions", value = Suites.VM_OPTIONS)
class PackagesTests {}
