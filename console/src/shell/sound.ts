let context: AudioContext | undefined;

/** Two soft notes, made here: nothing is fetched. */
export function chime() {
  context ??= new AudioContext();
  const now = context.currentTime;
  note(context, 660, now);
  note(context, 880, now + 0.12);
}

function note(on: AudioContext, hertz: number, at: number) {
  const tone = on.createOscillator();
  const loudness = on.createGain();
  tone.frequency.value = hertz;
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.08, at + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
  tone.connect(loudness).connect(on.destination);
  tone.start(at);
  tone.stop(at + 0.4);
}
