import { type RefObject, useLayoutEffect, useRef } from "react";

/** For an item of a list: where it goes while the focus is in it, a neighbour has the focus; where all of them go, the page. */
export function useFocusNeighbourOnRemoval<Item extends HTMLElement>(): RefObject<Item | null> {
  const item = useRef<Item>(null);
  useLayoutEffect(() => {
    const element = item.current;
    return () => {
      if (!element?.contains(document.activeElement)) return;
      const neighbour = element.nextElementSibling ?? element.previousElementSibling;
      // It may be about to go too, and is only gone when all of this is done.
      queueMicrotask(() => {
        const target = neighbour?.isConnected ? neighbour.querySelector<HTMLElement>("a[href], button") : null;
        (target ?? document.querySelector<HTMLElement>("main"))?.focus({ preventScroll: true });
      });
    };
  }, []);
  return item;
}
