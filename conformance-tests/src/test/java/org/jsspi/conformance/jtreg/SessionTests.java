package org.jsspi.conformance.jtreg;

import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectDirectories;
import org.junit.platform.suite.api.Suite;

/** Resumption, and the values of a session. */
@Suite(failIfNoTests = false)
@IncludeEngines(JtregTestEngine.ID)
@SelectDirectories("src/jtreg/session")
@ConfigurationParameter(key = "jtreg.work", value = "target/jtreg/session")
@ConfigurationParameter(key = "jtreg.vmoptions", value = Suites.VM_OPTIONS)
class SessionTests {}
