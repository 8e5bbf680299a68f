// The page uses nothing but the API.

export async function call(method, path, body = undefined) {
  let response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw { code: "", message: "pgbaton does not answer", hint: "Is \"pgbaton serve\" still running? What it ran goes on where it was when it is run again." };
  }
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  const answer = isJson ? await response.json() : await response.text();
  if (!response.ok) throw isJson ? answer : { code: "", message: `HTTP ${response.status}` };
  return answer;
}

export const get = path => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const put = (path, body) => call("PUT", path, body);

// A button that is busy until its act is done, and tells what went wrong in its place; refused says which act that was, where several have one place.
export function act(button, place, work, refused = null) {
  return async event => {
    event?.preventDefault();
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    place.replaceChildren();
    try {
      await work();
    } catch (problem) {
      const { answer } = await import("/dom.js");
      place.replaceChildren(answer({ ...(problem.message || problem.title ? problem : { message: String(problem) }), refused }));
      place.scrollIntoView({ block: "nearest" });
    } finally {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  };
}
