/** The pause of a loop that looks for work again and again. Other code of this process wakes the loop when it has made work. */
export interface WakeablePause {
  /** Ends the pause. When the loop does not pause now, its next pause ends at once. */
  wake(): void;
  /** Forgets earlier wakes. Called before a look, which finds what they announced. */
  forgetWakes(): void;
  /** Waits for this time, a wake or the end. Milliseconds. @returns whether a wake ended it */
  wait(milliseconds: number): Promise<boolean>;
}

export function wakeablePause(ending: AbortSignal): WakeablePause {
  let isWoken = false;
  let endWait: (() => void) | undefined;
  ending.addEventListener('abort', () => endWait?.());
  return {
    wake() {
      isWoken = true;
      endWait?.();
    },
    forgetWakes() {
      isWoken = false;
    },
    async wait(milliseconds) {
      if (!isWoken && !ending.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          endWait = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      endWait = undefined;
      const wasWoken = isWoken;
      isWoken = false;
      return wasWoken;
    },
  };
}
