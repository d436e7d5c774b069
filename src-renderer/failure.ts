import { describeError } from "#core/base/errors";

/** Says in the page itself that the window could not be built, because there is nothing else that could say it. */
export function showFailure(error: unknown): void {
  console.error(error);
  const { message, hint } = describeError(error);
  const box = document.createElement("div");
  box.id = "failure";
  box.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = `The window could not be opened: ${message}${hint ? ` ${hint}` : ""}`;
  const again = document.createElement("button");
  again.textContent = "Try again";
  again.addEventListener("click", () => window.location.reload());
  box.append(text, again);
  document.body.append(box);
  again.focus();
}
