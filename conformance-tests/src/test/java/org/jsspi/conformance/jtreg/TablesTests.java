package org.jsspi.conformance.jtreg;

import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectDirectories;
import org.junit.platform.suite.api.Suite;

/** The constants of the interface. */
@Suite(failIfNoTests = false)
@IncludeEngines(JtregTestEngine.ID)
@SelectDirectories("src/jtreg/tables")
@ConfigurationParameter(key = "jtreg.work", value = "target/jtreg/tables")
@ConfigurationParameter(key = "jtreg.vmoptions", value = Suites.VM_OPTIONS)
class TablesTests {}
