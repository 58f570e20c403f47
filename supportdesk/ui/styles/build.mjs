// Builds ../static/ui/css: the site's style sheet for each direction, the admin's and the desk's. Run by `make css`.
import { mkdirSync, writeFileSync } from "node:fs";
import rtlcss from "rtlcss";
import * as sass from "sass";

const out = new URL("../static/ui/css/", import.meta.url);
const options = { style: "compressed", loadPaths: ["node_modules"], quietDeps: true };
const banner = "/*! Bootstrap 5.3 (MIT), a subset of it; see NOTICE */\n";

mkdirSync(out, { recursive: true });
const site = sass.compile("site.scss", options).css;
writeFileSync(new URL("site.ltr.css", out), banner + site);
writeFileSync(new URL("site.rtl.css", out), banner + rtlcss.process(site));
writeFileSync(new URL("admin.css", out), sass.compile("admin.scss", options).css);
writeFileSync(new URL("workspace.css", out), sass.compile("workspace.scss", options).css);
