Feature: Retries
  A try does its tasks again, as often and as late as its policy says.

  Scenario: A call succeeds at the third attempt
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-call-succeeds-at-the-third-attempt
      version: '1.0.0'
    do:
      - again:
          try:
            - call:
                call: http
                with:
                  method: get
                  endpoint: https://httpbin.org/flaky/third/2
          catch:
            errors: { with: { status: 503 } }
            retry:
              delay: { seconds: 3 }
              backoff: { exponential: {} }
              limit: { attempt: { count: 5 } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    tries: 3
    """

  Scenario: Retries are exhausted
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: retries-are-exhausted
      version: '1.0.0'
    do:
      - again:
          try:
            - call:
                call: http
                with:
                  method: get
                  endpoint: https://httpbin.org/flaky/exhausted/9
          catch:
            retry:
              delay: PT1S
              limit: { attempt: { count: 2 } }
            do:
              - give:
                  set: { up: '${ $error.status }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    up: 503
    """

  Scenario: Without a handler the last error is the workflow's
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: without-a-handler-the-last-error-is-the-workflow-s
      version: '1.0.0'
    do:
      - again:
          try:
            - bad:
                raise:
                  error: { type: 'https://example.com/errors/busy', status: 503, title: Busy }
          catch:
            retry:
              delay: PT1S
              limit: { attempt: { count: 2 } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://example.com/errors/busy
    status: 503
    title: Busy
    instance: /do/0/again/try/0/bad
    """

  Scenario: A policy by name
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-policy-by-name
      version: '1.0.0'
    use:
      retries:
        patient:
          delay: { minutes: 1 }
          backoff: { constant: {} }
          limit: { attempt: { count: 3 } }
    do:
      - again:
          try:
            - call:
                call: http
                with:
                  method: get
                  endpoint: https://httpbin.org/flaky/named/1
          catch:
            retry: patient
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    tries: 2
    """

  # 10 + 20 + 30 seconds
  Scenario: Linear delays add up
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: linear-delays-add-up
      version: '1.0.0'
    do:
      - begin:
          set: { at: '${ $task.startedAt.epoch.seconds }' }
      - again:
          try:
            - call:
                call: http
                with:
                  method: get
                  endpoint: https://httpbin.org/flaky/linear/3
                output: { as: '$input + { tries: .tries }' }
          catch:
            retry:
              delay: { seconds: 10 }
              backoff: { linear: {} }
              limit: { attempt: { count: 5 } }
      - end:
          set: { tries: '${ .tries }', waited: '${ $task.startedAt.epoch.seconds - .at >= 60 }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    tries: 4
    waited: true
    """

  # 10 + 20 + 40 seconds
  Scenario: Exponential delays double
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: exponential-delays-double
      version: '1.0.0'
    do:
      - begin:
          set: { at: '${ $task.startedAt.epoch.seconds }' }
      - again:
          try:
            - call:
                call: http
                with:
                  method: get
                  endpoint: https://httpbin.org/flaky/exponential/3
                output: { as: '$input' }
          catch:
            retry:
              delay: { seconds: 10 }
              backoff: { exponential: {} }
              limit: { attempt: { count: 5 } }
      - end:
          set: { waited: '${ ($task.startedAt.epoch.seconds - .at) as $s | $s >= 70 and $s < 90 }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    waited: true
    """

  Scenario: A policy with a condition
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-policy-with-a-condition
      version: '1.0.0'
    do:
      - again:
          try:
            - call:
                call: http
                with:
                  method: get
                  endpoint: https://httpbin.org/status/404
          catch:
            retry:
              when: ${ $error.status >= 500 }
              delay: PT1S
              limit: { attempt: { count: 3 } }
            do:
              - tell:
                  set: { status: '${ $error.status }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    status: 404
    """

  Scenario: A policy with an exception
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-policy-with-an-exception
      version: '1.0.0'
    do:
      - again:
          try:
            - call:
                call: http
                with:
                  method: get
                  endpoint: https://httpbin.org/flaky/except/1
          catch:
            retry:
              exceptWhen: $error.status == 404
              delay: PT1S
              limit: { attempt: { count: 3 } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    tries: 2
    """

  Scenario: The time for all attempts is limited
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-time-for-all-attempts-is-limited
      version: '1.0.0'
    do:
      - again:
          try:
            - call:
                call: http
                with:
                  method: get
                  endpoint: https://httpbin.org/status/500
          catch:
            retry:
              delay: { seconds: 20 }
              limit: { duration: { seconds: 50 } }
            do:
              - give:
                  set: { up: true }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    up: true
    """

  Scenario: The time for each attempt is limited
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-time-for-each-attempt-is-limited
      version: '1.0.0'
    do:
      - again:
          try:
            - slow:
                wait: PT1H
          catch:
            errors: { with: { status: 408 } }
            retry:
              delay: PT1S
              limit: { attempt: { count: 1, duration: { seconds: 5 } } }
            do:
              - give:
                  set: { status: '${ $error.status }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    status: 408
    """

  Scenario: Delays are jittered
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: delays-are-jittered
      version: '1.0.0'
    do:
      - again:
          try:
            - call:
                call: http
                with:
                  method: get
                  endpoint: https://httpbin.org/flaky/jitter/2
          catch:
            retry:
              delay: PT1S
              jitter: { from: { milliseconds: 100 }, to: { milliseconds: 900 } }
              limit: { attempt: { count: 3 } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    tries: 3
    """
