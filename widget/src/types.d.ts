// What the language's library does not know yet, or what the build adds.
declare module '*.css' {
  const text: string;
  export default text;
}

interface Document {
  readonly prerendering?: boolean;
}

interface Navigator {
  readonly globalPrivacyControl?: boolean;
}
