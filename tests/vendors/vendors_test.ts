/**
 * What evidence needs of vendors.
 *
 * One entry for all topics, so that the lab's keys are made once.
 *
 * @module
 */

import "./reports.ts";
import "./quotes.ts";
import "./azure.ts";
import "./recoveries.ts";
import "./hostile.ts";
import "./technologies.ts";
import "./outage.ts";
import "./corpus.ts";
