// The tools around a Markdown text. The field stays a native one: without this file everything can be typed into it.
import "@github/file-attachment-element";
import "@github/markdown-toolbar-element";
import { subscribe } from "@github/paste-markdown";
import { Desk } from "./desk.js";
import { arrange } from "./parts.js";
import { pickFacts, pickLinks } from "./picking.js";
import { takePictures } from "./pictures.js";
import { preview } from "./preview.js";
import { equip } from "./toolbar.js";

function start(root) {
  const desk = new Desk(root);
  subscribe(desk.field, { defaultPlainTextPaste: { urlLinks: false } });
  const parts = arrange(desk);
  equip(desk, { link: pickLinks(desk), fact: pickFacts(desk), picture: takePictures(desk), step: parts.begin });
  preview(desk);
}

document.querySelectorAll("[data-editor]").forEach(start);
