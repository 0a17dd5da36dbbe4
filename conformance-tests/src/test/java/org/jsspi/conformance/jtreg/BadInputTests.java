package org.jsspi.conformance.jtreg;

import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectDirectories;
import org.junit.platform.suite.api.Suite;

/** One file for each kind of input that must not be believed. */
@Suite(failIfNoTests = false)
@IncludeEngines(JtregTestEngine.ID)
@SelectDirectories("src/jtreg/badinput")
@ConfigurationParameter(key = "jtreg.work", value = "target/jtreg/badinput")
@ConfigurationParameter(key = "jtreg.vmoptions", value = Suites.VM_OPTIONS)
class BadInputTests {}
