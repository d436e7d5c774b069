/** Words of the languages themselves and names everybody uses: sharing them says nothing about what belongs together. */
const common = new Set(
  `abstract and any args array assert async auto await base begin bool boolean break byte callback case catch char child children class
  client code collections config const constructor context continue count create current data date debug declare def default defer del
  delete dict do double elif else elsif end ensure enum err error errors event except export extends extern false file files final
  finally find first float fmt for foreach from func function get global go goto group handle handler has header hash id if impl
  implements import in include index info init inline input instanceof int integer interface internal into io is item items iter java
  key keys kind lambda last left len length let level lib line lines list local log long loop main make map match math max message meta
  method min mod model module move mut name namespace new next nil node none not null number object of on open operator option options
  or os out output override package params parent parse part pass path pattern pkg private process property protected proto pub public
  push raise range read readonly ref rescue result results return right root run sealed self set short signed size sizeof sort source
  start state static std str string struct super switch synchronized system tag target temp template test text then this throw throws
  time tmp token trait true try type typedef typename types typeof undef undefined union unless unsafe unsigned until update use user
  using util utils val value values var vec vector virtual void volatile when where while width with write yield`.split(/\s+/),
);

const identifier = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

/** The identifiers of a text in their order, each once. */
export function identifiersOf(text: string): ReadonlySet<string> {
  return new Set(text.match(identifier));
}

/** True for a name rare enough to say that two texts belong together. */
export function isTelling(name: string): boolean {
  return name.length >= 4 && !common.has(name.toLowerCase());
}
