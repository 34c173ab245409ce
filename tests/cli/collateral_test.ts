/**
 * Collateral on the command line.
 *
 * One entry for all topics, so that the lab's evidence is minted once.
 *
 * @module
 */

import "./collateral_fetching.ts";
import "./collateral_carrying.ts";
import "./collateral_serving.ts";
import "./collateral_flags.ts";
