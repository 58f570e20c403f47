// Builds ../static/ui/js/editor.js, the tools around the text of the admin. Run by `make js`.
import { build } from "esbuild";

const banner =
  "/*! markdown-toolbar-element, file-attachment-element, paste-markdown (MIT, GitHub), Sortable (MIT); see NOTICE */";

await build({
  entryPoints: ["editor/index.js"],
  outfile: "../static/ui/js/editor.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none", // NOTICE names the authors; their addresses have no place in a script that loads from here alone
  banner: { js: banner },
});
