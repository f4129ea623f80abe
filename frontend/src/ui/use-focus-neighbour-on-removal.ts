import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * When a list item that contains the focus is removed, moves the focus to a neighbour, or to the page if none is left.
 */
export function useFocusNeighbourOnRemoval<Item extends HTMLElement>(): RefObject<Item | null> {
  const item = useRef<Item>(null);
  useLayoutEffect(() => {
    const element = item.current;
    return () => {
      if (!element?.contains(document.activeElement)) return;
      const neighbour = element.nextElementSibling ?? element.previousElementSibling;
      // The neighbour may be removed in the same commit, so check after it.
      queueMicrotask(() => {
        const target = neighbour?.isConnected ? neighbour.querySelector<HTMLElement>("a[href], button") : null;
        (target ?? document.querySelector<HTMLElement>("main"))?.focus({ preventScroll: true });
      });
    };
  }, []);
  return item;
}
