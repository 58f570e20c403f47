// Builds ../static/ui/js: editor.js, the tools around the text of the admin, workspace.js, the agents' desk, and lead.js,
// the charts of its leads. Run by `make js`.
import { build } from "esbuild";

const banner =
  "/*! markdown-toolbar-element, file-attachment-element, paste-markdown (MIT, GitHub), Sortable (MIT); see NOTICE */";

const options = {
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none", // NOTICE names the authors; their addresses have no place in a script that loads from here alone
};

await build({ ...options, entryPoints: ["editor/index.js"], outfile: "../static/ui/js/editor.js", banner: { js: banner } });
await build({
  ...options,
  entryPoints: ["workspace/index.js"],
  outfile: "../static/ui/js/workspace.js",
  banner: { js: "/*! htmx 2 (0BSD, Big Sky Software); see NOTICE */" },
});
await build({
  ...options,
  entryPoints: ["lead/index.js"],
  outfile: "../static/ui/js/lead.js",
  banner: { js: "/*! uPlot (MIT, Leon Sorokin); see NOTICE */" },
});
