/**
 * Pictures of the page in every state, bright, dark and on a phone, for somebody to look at.
 *
 * `deno task page:shots FOLDER [STATE…]` writes `STATE-light.png`, `STATE-dark.png` and `STATE-phone.png`.
 *
 * @module
 */

import { noCorpus } from "../corpus.ts";
import { type Look, open, withBrowser } from "./browser.ts";
import { REAL_SCENES, SCENES } from "./scenes.ts";

const LOOKS: Readonly<Record<string, Look>> = {
  light: {},
  dark: { scheme: "dark" },
  phone: { size: [390, 844] },
};

if (import.meta.main) {
  const [folder, ...only] = Deno.args;
  if (folder === undefined) throw new Error("Say where to write: deno task page:shots FOLDER");
  await Deno.mkdir(folder, { recursive: true });
  const scenes = { ...SCENES, ...(noCorpus ? {} : REAL_SCENES) };
  await withBrowser(async (browser) => {
    for (const [name, act] of Object.entries(scenes)) {
      if (only.length > 0 && !only.includes(name)) continue;
      for (const [look, options] of Object.entries(LOOKS)) {
        const { page, complaints } = await open(browser, options);
        await act(page);
        await page.screenshot({ path: `${folder}/${name}-${look}.png`, fullPage: true });
        for (const complaint of complaints) console.error(`${name} ${look}: ${complaint}`);
        await page.context().close();
      }
      console.log(`${folder}/${name}`);
    }
  });
}
