// The card's words: complete in English, and well-formed in every other language.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

const INTEGRATION = new URL("../../custom_components/plex_activities/", import.meta.url);
const FRONTEND = new URL("frontend/", INTEGRATION);
const { filesFor, LANGUAGES, Texts } = await import(new URL("texts.js", FRONTEND));

const read = async (path) => JSON.parse(await readFile(new URL(path, INTEGRATION), "utf8"));
const english = await read("frontend/texts/en.json");
const placeholders = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test("every file is known, and there is one for each that is", async () => {
  const files = await readdir(new URL("texts/", FRONTEND));
  assert.deepEqual(files.sort(), LANGUAGES.map((language) => `${language}.json`).sort());
});

test("the card speaks the languages of the integration", async () => {
  const files = await readdir(new URL("translations/", INTEGRATION));
  assert.deepEqual(files.sort(), LANGUAGES.map((language) => `${language}.json`).sort());
});

for (const language of LANGUAGES) {
  test(`${language} has the texts of English, with the same places to fill in`, async () => {
    const words = await read(`frontend/texts/${language}.json`);
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries(words)) {
      assert.ok(text.trim(), `${key} is empty`);
      assert.deepEqual(placeholders(text), placeholders(english[key]), key);
    }
  });

  test(`${language} calls the types what the integration calls them`, async () => {
    const words = await read(`frontend/texts/${language}.json`);
    const { selector } = await read(`translations/${language}.json`);
    const kinds = Object.entries(words).filter(([key]) => key.startsWith("kind."));
    const renamed = kinds.map(([key, name]) => [key.slice(5).replaceAll(".", "_"), name]);
    assert.deepEqual(Object.fromEntries(renamed), selector.activity_type.options);
  });
}

test("every text that the card asks for is there", async () => {
  const modules = (await readdir(FRONTEND)).filter((name) => name.endsWith(".js"));
  const sources = await Promise.all(
    modules.map((name) => readFile(new URL(name, FRONTEND), "utf8")),
  );
  const asked = sources.flatMap((source) =>
    [...source.matchAll(/\.text\(\s*"([^"]+)"/g)].map(([, key]) => key),
  );
  assert.ok(asked.length > 10);
  assert.deepEqual(asked.filter((key) => !(key in english)), []);
});

test("a language is read over the one it varies, and over English", () => {
  assert.deepEqual(filesFor("xx-YY"), ["en"]);
  assert.deepEqual(filesFor("en-GB"), ["en"]);
  assert.deepEqual(filesFor("de-AT"), ["en", "de"]);
  assert.deepEqual(filesFor("pt-BR"), ["en", "pt", "pt-BR"]);
});

test("numbers and times are written as the language writes them", () => {
  const german = new Texts("de", {});
  assert.equal(german.percent(42), "42\u00a0%");
  assert.equal(german.ago(300), "vor 5 Min.");
  assert.equal(new Texts("ar-EG", {}).percent(42).includes("٤٢"), true);
});

for (const [seconds, text] of [
  [-5, "0s"],
  [0.9, "0s"],
  [59, "59s"],
  [60, "1m 0s"],
  [3725, "1h 2m"],
  [90000, "1d 1h"],
]) {
  test(`${seconds} seconds are "${text}"`, () => {
    assert.equal(new Texts("en", {}).duration(seconds), text);
  });
}

for (const [seconds, text] of [
  [-5, "now"],
  [59, "now"],
  [61, "1 min. ago"],
  [7300, "2 hr. ago"],
  [90000, "yesterday"],
]) {
  test(`what ended ${seconds} seconds ago ended "${text}"`, () => {
    assert.equal(new Texts("en", {}).ago(seconds), text);
  });
}
