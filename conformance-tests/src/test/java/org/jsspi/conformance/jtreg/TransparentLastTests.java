package org.jsspi.conformance.jtreg;

import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectDirectories;
import org.junit.platform.suite.api.Suite;

/** Programs that know nothing of Jsspi, with JSSPI last in the list of providers. */
@Suite(failIfNoTests = false)
@IncludeEngines(JtregTestEngine.ID)
@SelectDirectories("src/jtreg/transparent")
@ConfigurationParameter(key = "jtreg.work", value = "target/jtreg/transparent-last")
@ConfigurationParameter(key = "jtreg.vmoptions", value = Suites.VM_OPTIONS)
@ConfigurationParameter(key = "jtreg.overlay", value = "last")
class TransparentLastTests {}
