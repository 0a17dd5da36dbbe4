package org.jsspi.conformance.jtreg;

import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectDirectories;
import org.junit.platform.suite.api.Suite;

/** Every way to the provider, with Jsspi as modules. */
@Suite(failIfNoTests = false)
@IncludeEngines(JtregTestEngine.ID)
@SelectDirectories("src/jtreg/registration")
@ConfigurationParameter(key = "jtreg.work", value = "target/jtreg/registration-module-path")
@ConfigurationParameter(key = "jtreg.vmoptions", value = Suites.VM_OPTIONS)
@ConfigurationParameter(key = "jtreg.path", value = "module")
class RegistrationOnModulePathTests {}
