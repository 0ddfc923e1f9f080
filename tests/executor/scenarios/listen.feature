Feature: Listen Task
  Events that are waited for: one, any, all; until when; what is read of them.

  Scenario: One event of a type
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: one-event-of-a-type
      version: '1.0.0'
    do:
      - hear:
          listen:
            to:
              one: { with: { type: com.example.started } }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '736'
    source: https://example.com/source
    type: com.example.other
    data: { n: 0 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '22'
    source: https://example.com/source
    type: com.example.started
    data: { n: 1 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    - n: 1
    """

  Scenario: An event whose data fits a condition
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-event-whose-data-fits-a-condition
      version: '1.0.0'
    do:
      - hear:
          listen:
            to:
              one:
                with:
                  type: com.example.measured
                  data: ${ .temperature > 38 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '754'
    source: https://example.com/source
    type: com.example.measured
    data: { temperature: 37 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '192'
    source: https://example.com/source
    type: com.example.measured
    data: { temperature: 39 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    - temperature: 39
    """

  Scenario: An event from a source
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-event-from-a-source
      version: '1.0.0'
    do:
      - hear:
          listen:
            to:
              one: { with: { source: 'https://example.com/source', type: com.example.a } }
          output: { as: '.[0].n' }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '752'
    source: https://example.com/source
    type: com.example.a
    data: { n: 7 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    7
    """

  Scenario: The whole event is read
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-whole-event-is-read
      version: '1.0.0'
    do:
      - hear:
          listen:
            to:
              one: { with: { type: com.example.a } }
            read: envelope
          output: { as: '.[0] | { type, data, room }' }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '892'
    source: https://example.com/source
    type: com.example.a
    room: kitchen
    data: { n: 1 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    type: com.example.a
    data: { n: 1 }
    room: kitchen
    """

  Scenario: All events, in whatever order they come
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: all-events-in-whatever-order-they-come
      version: '1.0.0'
    do:
      - hear:
          listen:
            to:
              all:
                - with: { type: com.example.a }
                - with: { type: com.example.b }
          output: { as: 'map(.n) | sort' }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '639'
    source: https://example.com/source
    type: com.example.b
    data: { n: 2 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '31'
    source: https://example.com/source
    type: com.example.b
    data: { n: 3 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '892'
    source: https://example.com/source
    type: com.example.a
    data: { n: 1 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [ 1, 2 ]
    """

  Scenario: All events that belong together
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: all-events-that-belong-together
      version: '1.0.0'
    do:
      - hear:
          listen:
            to:
              all:
                - with: { type: com.example.temperature }
                  correlate: { room: { from: .room } }
                - with: { type: com.example.humidity }
                  correlate: { room: { from: .room } }
          output: { as: 'map(.n) | sort' }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '917'
    source: https://example.com/source
    type: com.example.temperature
    room: kitchen
    data: { n: 1 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '439'
    source: https://example.com/source
    type: com.example.humidity
    room: cellar
    data: { n: 2 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '856'
    source: https://example.com/source
    type: com.example.humidity
    room: kitchen
    data: { n: 3 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [ 1, 3 ]
    """

  Scenario: Any of several events
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: any-of-several-events
      version: '1.0.0'
    do:
      - hear:
          listen:
            to:
              any:
                - with: { type: com.example.a }
                - with: { type: com.example.b }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '35'
    source: https://example.com/source
    type: com.example.c
    data: { n: 0 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '639'
    source: https://example.com/source
    type: com.example.b
    data: { n: 2 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    - n: 2
    """

  Scenario: Any event at all
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: any-event-at-all
      version: '1.0.0'
    do:
      - hear:
          listen:
            to:
              any: []
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '237'
    source: https://example.com/source
    type: com.example.whatever
    data: { n: 5 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    - n: 5
    """

  Scenario: Events until a condition holds
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: events-until-a-condition-holds
      version: '1.0.0'
    do:
      - hear:
          listen:
            to:
              any: []
              until: ( . | length ) >= 3
          output: { as: 'map(.n)' }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '156'
    source: https://example.com/source
    type: com.example.x
    data: { n: 1 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '689'
    source: https://example.com/source
    type: com.example.x
    data: { n: 2 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '164'
    source: https://example.com/source
    type: com.example.x
    data: { n: 3 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '845'
    source: https://example.com/source
    type: com.example.x
    data: { n: 4 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [ 1, 2, 3 ]
    """

  Scenario: Events until another event comes
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: events-until-another-event-comes
      version: '1.0.0'
    do:
      - hear:
          listen:
            to:
              any:
                - with: { type: com.example.measured }
              until:
                one: { with: { type: com.example.over } }
          output: { as: 'map(.n)' }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '610'
    source: https://example.com/source
    type: com.example.measured
    data: { n: 1 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '714'
    source: https://example.com/source
    type: com.example.noise
    data: { n: 9 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '662'
    source: https://example.com/source
    type: com.example.measured
    data: { n: 2 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '454'
    source: https://example.com/source
    type: com.example.over
    data: { n: 3 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [ 1, 2 ]
    """

  Scenario: Each event is handled as it comes
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: each-event-is-handled-as-it-comes
      version: '1.0.0'
    do:
      - hear:
          listen:
            to:
              any: []
              until: ( . | length ) >= 2
          foreach:
            item: event
            at: place
            do:
              - post:
                  call: http
                  with:
                    method: post
                    endpoint: https://httpbin.org/echo
                    body: { n: '${ $event.n }', place: '${ $place }' }
                  output: { as: .body }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '156'
    source: https://example.com/source
    type: com.example.x
    data: { n: 1 }
    """
    And given the event:
    """yaml
    specversion: '1.0'
    id: '689'
    source: https://example.com/source
    type: com.example.x
    data: { n: 2 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    - { n: 1, place: 0 }
    - { n: 2, place: 1 }
    """

  Scenario: An event that the workflow emits itself
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-event-that-the-workflow-emits-itself
      version: '1.0.0'
    do:
      - both:
          fork:
            branches:
              - hear:
                  listen:
                    to:
                      one: { with: { type: com.example.ping } }
              - say:
                  do:
                    - pause:
                        wait: PT1S
                    - send:
                        emit:
                          event:
                            with: { source: 'https://example.com', type: com.example.ping, data: { n: '${ .n }' } }
          output: { as: '.[0]' }
    """
    And given the workflow input is:
    """yaml
    n: 4
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    - n: 4
    """

  Scenario: Nothing comes and the listener times out
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: nothing-comes-and-the-listener-times-out
      version: '1.0.0'
    do:
      - t:
          try:
            - hear:
                timeout: { after: PT1H }
                listen:
                  to:
                    one: { with: { type: com.example.never } }
          catch:
            errors: { with: { status: 408 } }
            do:
              - tell:
                  set: { heard: nothing }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    heard: nothing
    """

  Scenario: What was listened for may be in the way of a competing branch
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: what-was-listened-for-may-be-in-the-way-of-a-competing-branch
      version: '1.0.0'
    do:
      - race:
          fork:
            compete: true
            branches:
              - hear:
                  listen:
                    to:
                      one: { with: { type: com.example.never } }
              - tire:
                  do:
                    - pause:
                        wait: PT5M
                    - give:
                        set: { up: true }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    up: true
    """
