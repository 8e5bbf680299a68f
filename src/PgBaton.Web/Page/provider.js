// What a provider's API can do for a migration: told first, done once it is agreed to.
import { el, error, say, show } from "/dom.js";
import { act, get, post } from "/api.js";

const fields = {
  region: ["Region", "as the provider writes it, such as aws-eu-central-1"],
  pg_version: ["Major version of PostgreSQL", "the source's, or a newer one", "number", 18],
  title: ["Name of what is made", "", "text", "pgbaton-target"],
  organization: ["Organization", "where the key belongs to several"],
  size: ["Size", "such as PS_10 or db.r8g.large"],
  disk_bytes: ["Disk, in GB", "one and a half times what the source takes", "number"],
  project: ["Project", "its ID"],
  database: ["Database", "its name at the provider"],
  branch: ["Branch", "", "text", "main"],
  slot: ["Slot that has to outlive a failover", "may be left empty"],
  instance: ["Instance", "left empty, the host of the connection string tells"],
  cluster: ["Cluster", "left empty, the host of the connection string tells"],
  least_units: ["Compute units when idle", "", "number", 1],
  most_units: ["Compute units under load", "", "number", 8],
  way_back: ["With logical replication on the target, which a rollback needs", "", "checkbox", true],
};

const asked = {
  neon: {
    "create-target": ["region", "pg_version", "title", "organization", "least_units", "most_units", "way_back"],
    "prepare-target": ["project", "least_units", "most_units"],
    "enable-logical-replication": ["project"],
  },
  planetscale: {
    "create-target": ["region", "pg_version", "title", "organization", "size", "disk_bytes", "way_back"],
    "prepare-target": ["database", "branch", "organization", "disk_bytes", "slot", "way_back"],
    "enable-logical-replication": ["database", "branch", "organization", "slot"],
  },
  rds: {
    "create-target": ["region", "pg_version", "title", "size", "disk_bytes", "way_back"],
    "prepare-target": ["instance", "region"],
    "enable-logical-replication": ["instance", "region"],
  },
  aurora: {
    "create-target": ["region", "pg_version", "title", "size", "way_back"],
    "prepare-target": ["cluster", "instance", "region"],
    "enable-logical-replication": ["cluster", "instance", "region"],
  },
};

const gigabyte = 2 ** 30;

// action: fixed; or null, then one of the other two is chosen. made: called with what was done.
export function providerForm({ action = null, migration = null, made = () => {} }) {
  const prefix = `provider-${action ?? "change"}`;
  const at = el("select", { id: `${prefix}-at`, class: "short" }, migration ? el("option", { value: "" }, "as its host tells") : null);
  const what = el("select", { id: `${prefix}-action`, class: "short" }, el("option", { value: "prepare-target" }, "prepare the target"), el("option", { value: "enable-logical-replication" }, "enable logical replication on the source"));
  const inputs = Object.fromEntries(Object.entries(fields).map(([name, [, , type = "text", value = ""]]) =>
    [name, type === "checkbox" ? el("input", { id: `${prefix}-${name}`, type, checked: value }) : el("input", { id: `${prefix}-${name}`, type, class: "short", spellcheck: "false", value })]));
  const rows = Object.fromEntries(Object.entries(fields).map(([name, [title, hint, type]]) => [name, type === "checkbox"
    ? el("label", { class: "tick" }, inputs[name], el("span", {}, title))
    : el("div", {}, el("label", { for: inputs[name].id }, title, hint ? el("span", { class: "quiet" }, ` (${hint})`) : null), inputs[name])]));
  const place = el("div");
  const proposal = el("div", { role: "status" });
  const tell = el("button", { type: "button" }, "What would be done?");
  const agree = el("button", { class: "danger", type: "button" }, "Do it");
  let proposed = null;

  const chosen = () => action ?? what.value;
  // Which provider a host belongs to is found out by the server: until then every field of the action may be meant.
  const wanted = () => at.value ? asked[at.value]?.[chosen()] ?? [] : [...new Set(Object.values(asked).flatMap(of => of[chosen()]))];

  function draw() {
    for (const [name, row] of Object.entries(rows)) show(row, wanted().includes(name));
    propose(null);
  }

  function propose(answer) {
    proposed = answer;
    show(agree, Boolean(answer?.confirm));
    proposal.replaceChildren(...(answer ? parts(answer) : []));
  }

  function parts(answer) {
    if (!answer.changes) return [el("p", { class: "strong" }, answer.why), el("p", {}, "By hand:"), el("pre", {}, answer.by_hand)];
    if (answer.changes.length === 0) return [el("p", { class: "good strong" }, `${answer.provider}: nothing to do, all is as it should be.`)];
    return [el("p", { class: "strong" }, `${answer.provider}: this will be done.`), el("ul", {}, answer.changes.map(one => el("li", {}, one))),
      answer.restarts ? el("p", { class: "warn" }, `Restarts: ${answer.restarts}`) : null,
      answer.irreversible ? el("p", { class: "warn" }, `Cannot be undone: ${answer.irreversible}`) : null].filter(Boolean);
  }

  function body() {
    const given = wanted().map(name => [name, read(name)]).filter(([, value]) => value !== null);
    return { action: chosen(), ...(at.value ? { at: at.value } : {}), ...(migration ? { migration } : {}), ...Object.fromEntries(given) };
  }

  function read(name) {
    const input = inputs[name];
    if (input.type === "checkbox") return input.checked;
    if (input.value.trim() === "") return null;
    return name === "disk_bytes" ? Math.round(Number(input.value) * gigabyte) : input.type === "number" ? Number(input.value) : input.value.trim();
  }

  tell.addEventListener("click", act(tell, place, async () => {
    propose(null);
    propose(await post("/provider", body()));
    if (proposed.confirm) agree.focus();
  }));
  agree.addEventListener("click", act(agree, place, async () => {
    let job = await post("/provider", { ...body(), confirm: proposed.confirm });
    show(agree, false);
    const lines = el("ul");
    proposal.append(el("p", { class: "strong" }, "Being done:"), lines);
    for (;;) {
      job.told.slice(lines.childElementCount).forEach(line => lines.append(el("li", {}, line)));
      if (job.is_done) break;
      await new Promise(passed => setTimeout(passed, 1000));
      job = await get(`/provider/${job.number}`);
    }
    if (job.error) { proposal.append(error(job.error)); return; }
    proposal.append(el("p", { class: "good strong" }, "Done."), ...Object.entries(job.made).map(([name, value]) => el("p", {}, `${name}: ${value}`)));
    made(job);
  }));
  for (const one of [at, what]) one.addEventListener("change", draw);
  for (const input of Object.values(inputs)) input.addEventListener("input", () => { if (proposed) propose(null); });
  get("/providers").then(known => {
    for (const { at: word, name } of known) at.append(el("option", { value: word }, name));
    draw();
  }, problem => place.replaceChildren(error(problem)));

  return el("div", {},
    el("p", { class: "quiet" }, "pgbaton does this through the provider's API, if its key is in the environment of pgbaton serve, and shows the commands otherwise. Written from the published descriptions; not run against the live services."),
    action ? null : [el("label", { for: what.id }, "What"), what],
    el("label", { for: at.id }, "Provider"), at, Object.values(rows), el("div", { class: "buttons" }, tell), place, proposal, el("div", { class: "buttons" }, agree));
}
